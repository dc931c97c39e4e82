"""What will be generated, as language-neutral frozen values between lowering and the views."""
