"""A guarded noun: 惠农牧政策: entitlements to the policies for farmers and herders."""
