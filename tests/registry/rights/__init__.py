"""Rights: what each lawful cause lets an act do."""
