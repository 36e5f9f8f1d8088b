// OwlViT
