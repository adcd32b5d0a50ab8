"""What tests of units need and running mkunit does not: nothing outside this room imports it."""
