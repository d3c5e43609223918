//! Labelling, contours, moments and pair statistics of two-dimensional maps.
