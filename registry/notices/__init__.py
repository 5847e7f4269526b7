"""What is put up for everybody to read (公示), and what is told to one person: an outbox that only grows.

`posting` puts a notice up and keeps the photograph of the wall; `outbox` keeps what is to be told, `sending` takes it away.
"""
