"""The diagnostics: pure functions from answers and facts to a frozen result."""
