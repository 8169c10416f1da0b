"""What a call goes through on its way to the service and back."""
