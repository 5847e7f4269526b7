"""权益不变证明: what a person or household had at a move and has now, with the proof that nobody need trust the register.

`make` writes the JSON of docs/certificate.md, `paper_pdf` the page that a herder reads, with the JSON inside.
"""
