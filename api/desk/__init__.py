"""`/desk`: where the desks that keep the books do their day's work in a browser.

`acting` says who stands there, `forms` which fields a kind and a step ask for, `filled` turns what was sent into what the engine
takes, `seen` says what a page shows, `case_page` and `work_page` answer. What may be seen and done the engine decides.
"""
