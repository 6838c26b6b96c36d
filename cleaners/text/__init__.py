"""Text as characters: normalize for keeping, fold for comparing, segment into blocks."""
