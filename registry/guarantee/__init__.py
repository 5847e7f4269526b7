"""The guarantee: what a right is made of (π), did it stay as it was across an event, and how is that said?"""
