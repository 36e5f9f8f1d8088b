"""A checkpoint becomes a model folder that transformers and owlwatch load; the numbers are checked against the network's.

    python export.py RUN OUT [--words WORD,WORD]
"""
import argparse
import json
import os

import numpy as np
import torch
from safetensors.torch import save_file

import coco
import network
import text
from train import load
from words import WORDS


def config(shape):
    """config.json of OwlViTForObjectDetection"""
    def tower(width, layers, heads, **more):
        return dict(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=heads,
                    hidden_act="quick_gelu", layer_norm_eps=1e-5, attention_dropout=0.0, initializer_factor=1.0,
                    initializer_range=0.02, **more)
    last = shape.vocabulary - 1
    return dict(architectures=["OwlViTForObjectDetection"], model_type="owlvit", dtype="float32", initializer_factor=1.0,
                logit_scale_init_value=2.6592, projection_dim=shape.text_width,
                text_config=tower(shape.text_width, shape.text_layers, shape.text_heads, model_type="owlvit_text_model",
                                  vocab_size=shape.vocabulary, max_position_embeddings=shape.text_length, pad_token_id=0,
                                  bos_token_id=last - 1, eos_token_id=last),
                vision_config=tower(shape.width, shape.layers, shape.heads, model_type="owlvit_vision_model",
                                    image_size=shape.window, patch_size=shape.patch, num_channels=3))


def preprocessor(shape):
    size = dict(height=shape.window, width=shape.window)
    return dict(image_processor_type="OwlViTImageProcessor", do_resize=True, size=size, resample=3, do_center_crop=False,
                crop_size=size, do_rescale=True, rescale_factor=1 / 255, do_normalize=True, image_mean=list(network.MEAN),
                image_std=list(network.STD))


def write(state, shape, vocabulary, out, words, threshold):
    """state: of network.Network -> the model folder"""
    os.makedirs(out, exist_ok=True)
    tensors = {name: tensor.half() for name, tensor in network.to_hugging_face(state, shape).items()}
    save_file(tensors, f"{out}/model.safetensors", metadata={"format": "pt"})
    own = dict(look="auto", window=shape.window, scales=[.5, 1, 2, 4], words=sorted(words), threshold=threshold)
    for name, value in (("config", config(shape)), ("preprocessor_config", preprocessor(shape)), ("owlwatch", own)):
        with open(f"{out}/{name}.json", "w") as file:
            json.dump(value, file, indent=1)
            file.write("\n")
    text.copy_vocabulary(vocabulary, out)


@torch.no_grad()
def check(state, shape, out):
    """-> the largest differences of logits and boxes between the network (with its weights as float16) and transformers"""
    from transformers import CLIPTokenizer, OwlViTForObjectDetection
    net = network.Network(shape)
    net.load_state_dict({name: tensor.half().float() for name, tensor in state.items()})
    model, info = OwlViTForObjectDetection.from_pretrained(out, output_loading_info=True)
    assert not any(info.values()), info
    words = ["person", "a photo of a motorcycle", "someone's red push-bike"]
    ids = text.Tokenizer(out)(words, shape.text_length)
    theirs = CLIPTokenizer.from_pretrained(out)(words, padding="max_length", max_length=shape.text_length, return_tensors="pt")
    assert (ids == theirs["input_ids"]).all(), "the tokenizers differ"
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (2, shape.window, shape.window, 3), dtype=np.uint8))
    logits, boxes = net(pixels, net.text(ids))
    scaled = (pixels.permute(0, 3, 1, 2).float() - net.image.mean) / net.image.std
    answer = model.float().eval()(input_ids=ids.repeat(2, 1), pixel_values=scaled, attention_mask=theirs["attention_mask"].repeat(2, 1))
    return (answer.logits - logits).abs().max().item(), (answer.pred_boxes - boxes.sigmoid()).abs().max().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", help="folder with checkpoint.pt")
    parser.add_argument("out")
    parser.add_argument("--vocabulary", help="folder with vocab.json and merges.txt (else RUN)")
    parser.add_argument("--words", help="what it knows (else all words it was trained on)")
    parser.add_argument("--threshold", type=float, default=.3, help="until calibrate.py sets it")
    parser.add_argument("--coco", action="append", default=[], help="the files it was trained on: their words are known too")
    options = parser.parse_args()
    coco.learn(options.coco)
    saved = load(options.run)
    if saved is None:
        raise SystemExit(f"{options.run}: no checkpoint there; train.py --run {options.run} writes one")
    shape = network.Shape(**saved["shape"])
    words = options.words.split(",") if options.words else WORDS
    write(saved["average"], shape, options.vocabulary or options.run, options.out, words, options.threshold)
    logits, boxes = check(saved["average"], shape, options.out)
    print(f"{saved['windows']} windows seen; against transformers: logits {logits:.1e}, boxes {boxes:.1e}")
    assert logits < 1e-2 and boxes < 1e-3


if __name__ == "__main__":
    main()
