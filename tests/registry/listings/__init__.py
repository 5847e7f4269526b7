"""When was somebody on a list of the register?"""
