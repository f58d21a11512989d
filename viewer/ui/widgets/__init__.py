"""Small widgets and painters that the regions are made of."""
