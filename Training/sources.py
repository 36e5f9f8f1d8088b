"""The sets the bundled model is trained on, each with the terms its source states. The model card lists this table.

Taken are only sets whose stated terms let weights be given away. Several were gathered from the web by their uploader, so
the terms are the uploader's word; the card says so. Left out on purpose:

    kangaroo, tiny_coco, coco-train2017-128, voc-100   pictures under Flickr's terms
    tfl_jamcam, tfl_jamcam2, montreal_cctv             no licence file (montreal_cctv is an evaluation set besides)
    rail_person                                        holds pictures of RailSem19 (non-commercial)
    raccoon-200                                        kept as the word nobody trained, to show fine-tuning
    stock clips of testdata/video                      nobody is credited; terms unclear
    intel-car-detection, PETS09-S2L1, avss2007         evaluation and demonstration
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    name: str
    terms: str
    origin: str
    weight: float = 1.     # how often its pictures are drawn, against others of the same size
    boxed: str = ""        # classes its annotators boxed wherever they are seen: elsewhere there is none
    skip: str = ""         # pictures whose name starts so are left out


WORN_BOXED = ("person,shoes,bag,pants,sunglasses,dress,purse,coat,blouse,shirt,skirt,jeans,sweater,hat,t-shirt,blazer,scarf,"
              "jacket,shorts,boots")
ROBOFLOW = "CC BY 4.0"

PICTURES = [
    Source("ccp", "Apache-2.0", "github.com/bearpaw/clothing-co-parsing", .6, WORN_BOXED),
    Source("lowlight_person", ROBOFLOW, "github.com/Rohith3330/DEEPSORT_FINAL", .8, "person"),
    Source("vehicle_utebm", "MIT", "Roboflow herdian-adi-winarno-ou2sz/vehicle-detection-utebm", 1.1, "bus,car,truck,motorcycle"),
    Source("vehicles_openimages", ROBOFLOW, "Roboflow roboflow-gw7yv/vehicles-openimages", 1.3, "car,bus,truck,motorcycle,ambulance"),
    Source("car_views", ROBOFLOW, "Roboflow sj-ghyro/abcd-3xnve", .7, "car"),
    Source("vn_traffic", ROBOFLOW, "github.com/kioenguyen0207/traffic_dataset", 1., "motorcycle,car"),
    Source("farm_animals", ROBOFLOW, "Roboflow asz/labeled-videos", .4, "sheep,chicken,cow,pig,fox"),
    Source("atl_v2", ROBOFLOW, "Roboflow finalproject-bqip3/atl-version-2", 1.2),
    Source("cctv_people", "MIT", "github.com/ahsanirfan961/Person-Tracker", 1.5),
    Source("crime_cctv", ROBOFLOW, "Roboflow faisal-ali-muhamad/crime-detection-ftiiz", 1.5),
    Source("forklift", ROBOFLOW, "Roboflow object-detection/forklift-dsitv", .5, "forklift"),
    Source("helmet_ar0n2", "MIT", "Roboflow helmet-yolov5/helmet-detection-ar0n2", 1., "helmet"),
    Source("helmet_moto", ROBOFLOW, "Roboflow helmet-detection-cknan/helmet-detection-v0zk7", 1., "helmet,license plate"),
    Source("highway_od40", ROBOFLOW, "Roboflow universitas-tidar/highway-object-detection", 1.5),
    Source("indian_cctv", ROBOFLOW, "Roboflow mohit-sharma-akgo1/indian-vehicles-dataset", 1.3, "rickshaw,van"),
    Source("manaus", ROBOFLOW, "Roboflow tamaturgo/manaus_traffic", 1.5, "cyclist"),
    Source("overflow_pv", "MIT", "github.com/https-github-com-overflowassassins/yolo-person-vehicle-dataset", 1.5),
    Source("parking_bogd", ROBOFLOW, "Roboflow my-project-ppguz/parking-space-uffuo", .8),
    Source("person_tcc", ROBOFLOW, "Roboflow tcc-pivr8/person-model-tcc", 1.3),
    Source("persons_mf", ROBOFLOW, "Roboflow firstdataset-sxw57/detect-persons-bghyp", .5),
    Source("plates_vn", ROBOFLOW, "Roboflow tlcndata/biensoxenhieuloai", .6, "license plate"),
    Source("ppe_techathon", ROBOFLOW, "Roboflow techathon/ppe-rqnu9", 1., "safety vest,helmet,gloves"),
    Source("road_traffic4", ROBOFLOW, "Roboflow highway-traffic/road-traffic-4", 1.6),
    Source("road_traffic_rf100", ROBOFLOW, "Roboflow roboflow-100/road-traffic", 1.2),
    Source("shop_cctv", "Apache-2.0", "github.com/ITCoders/Human-detection-and-Tracking", 1.),
    Source("sidewalk", "public domain", "Roboflow projects-5k1o6/sidewalk-dlu6l", 1.),
    Source("smart_traffic_br", ROBOFLOW, "Roboflow smart-traffic-lgbzr/smart-traffic-nuevh", 1.3, "van"),
    Source("traffic_fog", ROBOFLOW, "Roboflow trafficproject-vj9l8/traffic_detection-ntco6", 1.2),
    Source("traffic_gcharan", ROBOFLOW, "Roboflow trafficproject-sehmq/traffic-project-1e2yd", 1.3),
    Source("vehicles_rf100", ROBOFLOW, "Roboflow roboflow-100/vehicles-q0x2v", 1.),
]


@dataclass(frozen=True)
class Clip:
    path: str              # under the clips folder
    frames: int            # how many, spread over the clip
    tile: int              # side of the squares the teacher looks through besides the whole picture
    set_aside: bool = False


INTEL = "CC BY 4.0 (Intel IoT DevKit sample-videos)"
CLIPS = [
    Clip("intel-one-by-one-person/one-by-one-person-detection.mp4", 50, 320),
    Clip("intel-preview-gifs/person-bicycle-car-detection.gif", 14, 240),
    Clip("intel-preview-gifs/store-aisle-detection.gif", 14, 240),
    Clip("intel-preview-gifs/worker-zone-detection.gif", 14, 240),
    Clip("intel-preview-gifs/face-demographics-walking.gif", 10, 240),
    Clip("intel-preview-gifs/classroom.gif", 8, 240),
    Clip("intel-bottle-detection/bottle-detection.mp4", 20, 320),
    Clip("intel-preview-gifs/people-detection.gif", 10, 240, set_aside=True),
]

# cut-outs by the last part but one of their file name; those from COCO and from uncredited clips stay out
CUTOUTS = {"ccp", "car_views", "vehicle_utebm", "vehicles_openimages", "vn_traffic"}

# pictures to be held against every training picture (copies.py)
EVALUATION_CLIPS = ["testdata/e2e/PETS09-S2L1/vtest.mp4", "testdata/events/avss2007-ab-easy-clip/AVSS_corto.mov",
                    "testdata/video/intel-car-detection/car-detection.mp4"]
