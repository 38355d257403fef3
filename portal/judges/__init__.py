"""What the law makes public of those who judge: their names, with the result they judged, after the award."""
