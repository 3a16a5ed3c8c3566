"""Development stand-ins and commands: never imported by `app`, never in the image."""
