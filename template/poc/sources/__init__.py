"""What a company really has: folders of mail, mailboxes and exports, read one message at a time."""
