"""What a 卷宗 prints."""
