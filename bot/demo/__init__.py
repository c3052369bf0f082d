"""A small world of fictional local publishers, so that the product can be seen at work without a network."""
