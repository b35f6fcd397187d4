"""What cells tell of a funnel and how sure it is: numpy alone, no clock, no randomness that is not passed in."""
