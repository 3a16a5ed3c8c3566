"""What a source is: figures of its index, and the page that shows them."""
