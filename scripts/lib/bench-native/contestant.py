"""A library of others as one of the contestants of `scripts/bench-native --beside`: questions come as lines of JSON on standard
input, answers go to standard output. `benches/beside.rs` answers the same for glimpse.

    {"ask": "load", "weights": "photo.safetensors", "network": "photo.onnx", "facts": "photo.json", "cores": 2}
    {"ask": "logits", "images": "photo.f32", "photos": ["cat.jpg"]}    of images that glimpse has prepared; of photos
    {"ask": "time", "images": "photo.f32", "photo": null, "count": 16, "all_cores": false, "seconds": 0.5}

Whatever the library, an image is answered by one thread: on one core those of a count one after the other, or as one batch
(`batch`); on all cores, each of as many threads takes the next. Photos are cropped and resized by Pillow.
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image


#: What each thread of a pool has of its own.
here = threading.local()


class OnnxRuntime:
    def __init__(self, network, cores):
        import onnxruntime

        self.name = f"onnxruntime {onnxruntime.__version__}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # There is nothing to compute in bytes: so the weights become single precision once, and not at each answer.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self.session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def one_core(self, batch):
        """What computes a batch of this size on the calling thread."""
        return self.on_a_thread()

    def on_a_thread(self):
        """What computes one image, for a thread of its own."""
        return lambda images: self.session.run(None, {"input": images})[0]


class OpenVino:
    #: Single precision, as all others compute. Left to itself it takes bfloat16 where the processor has it.
    precision = "f32"

    def __init__(self, network, cores):
        import openvino

        self.name = f"OpenVINO {openvino.__version__.split('-')[0]}"
        self.core = openvino.Core()
        self.network = self.core.read_model(network)
        self.side = self.network.input().partial_shape[2].get_length()
        self.cores = cores
        self.alone = {}
        self.shared = None

    def one_core(self, batch):
        if batch not in self.alone:
            self.alone[batch] = self.compiled(batch, 1).create_infer_request()
        return self.asking(self.alone[batch])

    def on_a_thread(self):
        if self.shared is None:
            self.shared = self.compiled(1, self.cores)
        return self.asking(self.shared.create_infer_request())

    def compiled(self, batch, streams):
        network = self.network.clone()
        network.reshape([batch, 3, self.side, self.side])
        options = {"INFERENCE_PRECISION_HINT": self.precision, "NUM_STREAMS": streams, "INFERENCE_NUM_THREADS": streams}
        return self.core.compile_model(network, "CPU", options)

    @staticmethod
    def asking(request):
        def ask(images):
            request.infer({0: images}, share_inputs=True)
            return request.get_output_tensor().data.copy()

        return ask


class OpenVinoBfloat16(OpenVino):
    precision = "bf16"

    def __init__(self, network, cores):
        super().__init__(network, cores)
        self.name += ", bfloat16"


LIBRARIES = {"onnxruntime": OnnxRuntime, "openvino": OpenVino, "openvino-bf16": OpenVinoBfloat16}


class Contestant:
    def __init__(self, library):
        self.library = library
        self.runner = None

    def load(self, weights, network, facts, cores):
        """Reads the exported network. `weights` is the file that glimpse reads."""
        with open(facts, encoding="utf-8") as file:
            self.facts = json.load(file)
        self.runner = LIBRARIES[self.library](network, cores)
        self.mean, self.std = (np.float32(self.facts["normalisation"][what])[:, None, None] for what in ("mean", "std"))
        # A computing function for each thread, as some can't be shared.
        waiting = [self.runner.on_a_thread() for _ in range(cores)]
        self.pool = ThreadPoolExecutor(cores, initializer=lambda: setattr(here, "ask", waiting.pop()))
        return {"name": self.runner.name}

    def logits(self, images, photos):
        ask = self.runner.one_core(1)
        return {
            "images": [ask(image[None])[0].tolist() for image in self.read(images)],
            "photos": [ask(self.prepare(decoded(photo)))[0].tolist() for photo in photos],
        }

    def time(self, images, photo, count, all_cores, seconds, batch=1):
        image = None if photo else np.ascontiguousarray(np.repeat(self.read(images)[:1], batch, axis=0))
        photo = decoded(photo) if photo else None

        def once(ask):
            return ask(image if photo is None else self.prepare(photo))

        if all_cores:
            tasks = range(count)
            run = lambda: list(self.pool.map(lambda _: once(here.ask), tasks))
        else:
            ask = self.runner.one_core(batch)
            run = lambda: [once(ask) for _ in range(count // batch)]
        run()  # One that doesn't count: others have had the caches.
        times = []
        end = time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        return {"times": times}

    def read(self, path):
        side = self.facts["side"]
        return np.fromfile(path, "<f4").reshape(-1, 3, side, side)

    def prepare(self, photo):
        """Crops the middle, makes it small by the network's filter and normalises it, for one image: `[1, 3, side, side]`."""
        side = self.facts["side"]
        seen = self.facts["fraction"] * min(photo.size)
        left, top = ((length - seen) / 2 for length in photo.size)
        filter = Image.Resampling.BICUBIC if self.facts["filter"] == "catmull_rom" else Image.Resampling.BILINEAR
        small = photo.resize((side, side), filter, (left, top, left + seen, top + seen))
        planes = np.asarray(small, np.float32).transpose(2, 0, 1)
        return np.ascontiguousarray(((planes / 255 - self.mean) / self.std)[None])


def decoded(path):
    with Image.open(path) as file:
        return file.convert("RGB")


def main():
    contestant = Contestant(sys.argv[1])
    for line in sys.stdin:
        question = json.loads(line)
        ask = question.pop("ask")
        if ask not in ("load", "logits", "time"):
            raise SystemExit(f"'{ask}' is no question.")
        print(json.dumps(getattr(contestant, ask)(**question)), flush=True)


if __name__ == "__main__":
    main()
