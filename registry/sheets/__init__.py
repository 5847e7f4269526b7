"""The official sheets of the register: of a parcel, a household, a village's public notice, the banner."""
