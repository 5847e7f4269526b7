"""Do both engines keep the same privileges and guards?"""
