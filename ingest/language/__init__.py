"""What text is, in any language: sentences, quotations, what is compared of it, passages."""
