"""From private records to what the public may see: the privacy policy and the read model's writer."""
