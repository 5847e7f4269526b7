"""The sample delivery keeps what docs/delivery.md asks, and its damaged twin breaks exactly what it lists."""
