"""The classes that boxes carry, and the words that may ask for them.

A class is what a labeller wrote. A word is what someone types. A word names some classes (a box of one of them is what was
asked for) and is silent about others (a box of these is neither right nor wrong for it: "car" is silent about a "van").
"""
COCO = ("person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,"
        "bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,"
        "snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,"
        "knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,"
        "dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,"
        "vase,scissors,teddy bear,hair drier,toothbrush").split(",")
# seldom in pictures of streets: taken as absent wherever nobody boxed them
RARE = ["ambulance", "chicken", "pig", "fox", "forklift"]
# boxed in one or two sets only, unknown elsewhere
WORN = ["shoes", "bag", "pants", "sunglasses", "dress", "purse", "coat", "blouse", "shirt", "skirt", "jeans", "sweater",
        "hat", "t-shirt", "blazer", "scarf", "jacket", "shorts", "boots", "helmet", "safety vest", "gloves"]
OTHER = ["vehicle", "cyclist", "van", "rickshaw", "license plate"]
CLASSES = COCO + RARE + WORN + OTHER
NUMBER = {name: i for i, name in enumerate(CLASSES)}

STREET = {"person", "bicycle", "car", "motorcycle", "bus", "truck"}
MOTOR = ["car", "bus", "truck", "motorcycle", "ambulance", "vehicle", "van", "rickshaw", "forklift"]
ANIMALS = ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "chicken", "pig", "fox"]

# labels that mean one of the classes
RENAMED = {"pedestrian": "person", "people": "person", "man": "person", "woman": "person", "motorbike": "motorcycle",
           "motor": "motorcycle", "motorcyclist": "motorcycle", "auto rickshaw": "rickshaw", "autorickshaw": "rickshaw",
           "tricycle": "rickshaw", "taxi": "car", "minibus": "bus", "black car": "car", "silver car": "car",
           "white car": "car", "gray car": "car", "red car": "car", "blue car": "car", "green car": "car",
           "yellow car": "car", "white van": "van", "silver van": "van"}

WORDS = {}    # word -> (classes it names, classes it is silent about)


def _add(words, names, silent=()):
    for word in words.split(","):
        WORDS[word] = (list(names), [c for c in silent if c not in names])


_add("person,pedestrian,human,people,man,woman,someone,someone walking,walking person,a person walking,a man walking,"
     "a person standing,human being,passer-by,walker,persons,men,women,guy,lady,boy,girl,child,children,kid,adult,somebody,worker,"
     "visitor,intruder", ["person"], ["cyclist"])
_add("car,automobile,sedan,parked car,passenger car,motorcar,taxi,cars,hatchback,station wagon,suv,jeep,cab", ["car"], ["vehicle", "van", "ambulance"])
_add("vehicle,motor vehicle,road vehicle,vehicles", MOTOR, ["bicycle", "train", "airplane", "boat", "cyclist"])
_add("bus,coach,city bus,minibus,buses,autobus,double-decker bus", ["bus"], ["vehicle", "van"])
_add("truck,lorry,pickup truck,cargo truck,trucks,garbage truck,semi-trailer truck,heavy truck", ["truck"], ["vehicle", "van", "ambulance"])
_add("motorcycle,motorbike,scooter,moped,motorcycles,two-wheeler,motor scooter", ["motorcycle"], ["vehicle", "rickshaw"])
_add("bicycle,bike,push-bike,bicycles,bikes", ["bicycle"], ["cyclist"])
_add("ambulance", ["ambulance"], ["vehicle", "van"])
_add("license plate,number plate", ["license plate"])
_add("van", ["van"], ["ambulance", "car", "truck", "bus", "vehicle"])
_add("rickshaw,auto rickshaw", ["rickshaw"], ["vehicle"])
_add("cyclist,person on a bicycle,bicyclist,bike rider", ["cyclist"], ["person", "bicycle"])
_add("animal,animals", ANIMALS, ["teddy bear"])
_add("bag", ["bag", "backpack", "handbag", "suitcase", "purse"])
_add("luggage,suitcase,baggage,trolley case", ["suitcase"], ["bag", "handbag", "purse", "backpack"])
_add("purse,handbag", ["purse", "handbag"], ["bag"])
_add("phone,cell phone,mobile phone", ["cell phone"])
_add("trousers,pants", ["pants", "jeans"])
_add("sofa,couch", ["couch"])
_add("helmet,hard hat", ["helmet"], ["hat"])
_add("hat", ["hat"], ["helmet"])
_add("forklift,forklift truck", ["forklift"], ["vehicle", "truck"])
for _name in COCO + RARE + WORN:
    if _name not in WORDS:
        _add(_name, [_name], ["vehicle"] if _name in MOTOR else [])

PROMPTS = ["{}", "{}", "{}", "a {}", "a photo of a {}", "the {}", "a picture of a {}", "a small {}"]
# asked in every training step, with how many of their synonyms: what cameras are for
ALWAYS = [("person", 2), ("car", 2), ("vehicle", 1), ("bus", 1), ("truck", 1), ("motorcycle", 1), ("bicycle", 1),
          ("cyclist", 1), ("animal", 1), ("bag", 1)]


def said(word, prompt):
    """the text that asks for a word; words that come with an article or name nobody in particular keep as they are"""
    if word.startswith(("a ", "someone", "people")):
        return word
    article = "an" if word[0] in "aeiou" else "a"
    return prompt.format(word).replace(f"a {word}", f"{article} {word}")
