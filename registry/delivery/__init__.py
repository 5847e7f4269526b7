"""How does a survey delivery come into the register: read, checked to the last row, registered village by village?"""
