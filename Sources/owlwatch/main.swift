print("owlwatch")
