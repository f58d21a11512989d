"""Files of an export that are not here: where else they are looked for, and which links are used instead."""
