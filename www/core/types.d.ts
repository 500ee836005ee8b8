/** The shapes that the page and the WebAssembly modules share. `src/web.rs` is the other side of this file. */

export type BackendName = 'cpu' | 'webgpu';

/** One of the networks of `models.js`, or the file name of somebody's own. */
export type ModelId = string;

/** What the person asked for; `auto` takes WebGPU where it works and is faster. */
export type Preference = 'auto' | BackendName;

export type Framing = 'stretch' | { centre_crop: { fraction: number } };

export interface Enhance {
  denoise: boolean;
  contrast: boolean;
  colour_balance: boolean;
}

/** Overrides what the weights file asks for. */
export interface Options {
  framing?: Framing;
  enhance?: Enhance;
  /** Whether the second view of a photo is left out, where the network has one. */
  single_view?: boolean;
  /** Whether the features that the answer is made of are told, too. */
  embedding?: boolean;
}

/** What the person has chosen of `Options`; the rest is as each weights file says. */
export interface Wishes {
  framing: 'crop' | 'stretch' | null;
  enhance: Partial<Enhance>;
  /** One view only, in half the time where the network looks twice: for the pictures of a stream. */
  singleView?: boolean;
  /** With the features that the answer is made of: what classes of one's own are taught with. */
  embedding?: boolean;
}

/** A picture file that has been opened, so that it can be asked about more than once. */
export interface Photo {
  id: number;
  file: Blob;
}

/** A photo, or one picture of a stream, which is closed when it has been looked at. */
export type Picture = Photo | ImageBitmap;

export interface Info {
  backend: BackendName;
  architecture: string;
  classes: string[];
  /** The one of `classes` that means: none of the others. */
  none: string | null;
  /** Names beyond the classes, answered by the same forward pass. */
  vocabulary: { classes: string[]; temperature: number; not_sure_below: number } | null;
  parameters: number;
  /** How often it was right on the pictures held out that its file knows; null or undefined where it knows none. */
  unseen?: Accuracy | null;
  preprocessing: {
    input_size: number;
    framing: Framing;
    /** That of a second view, where there is one: what the network makes of the two is averaged. */
    second_framing?: Framing;
    filter: string;
    enhance: Enhance;
    normalisation: { mean: number[]; std: number[] };
  };
  temperature: number;
  not_sure_below: number;
  /** Whether classes can be taught with its features: `none` where their mean isn't known; `read` where this was taught so. */
  embedding?: 'none' | 'known' | 'read';
  provenance: {
    data: string;
    epochs: number;
    seed: number;
    commit: string;
    trained: string;
    test_accuracy: number | null;
    validation_accuracy: number | null;
  };
}

/** How often the likeliest class was the right one. */
export interface Accuracy {
  right: number;
  pictures: number;
  /** How many collections they come from. */
  sources: number;
  /** Of the share that is right, at 95 %. */
  interval: { low: number; high: number };
}

/** What is said of a network beside what it answers. */
export type NetworkFacts = Pick<Info, 'architecture' | 'parameters' | 'unseen' | 'not_sure_below' | 'provenance'> & {
  preprocessing: Pick<Info['preprocessing'], 'input_size' | 'filter'>;
};

export interface Ranked {
  index: number;
  label: string;
  probability: number;
}

export interface Result {
  /** Every class, the likeliest first. */
  ranked: Ranked[];
  sure: boolean;
  /** Whether the likeliest class is the one that means none of the others. */
  none: boolean;
  /** The ten likeliest names of the network's vocabulary, the likeliest first. */
  vocabulary: Ranked[] | null;
  /**
   * The likeliest of those names where it says more than the class and is as sure: the Chihuahua that a dog is, or the
   * holster that is none of the classes. Its probability is that among all names.
   */
  specific: Ranked | null;
  /** The features, where they were wished for and the network tells them. */
  embedding?: Float32Array | null;
  /** The square that the network really sees. */
  seen: ImageData;
  milliseconds: { preprocess: number; network: number };
  /** How many threads of the CPU had a part in what the network computed. */
  threads: number;
}

/** A result, and what computed it. */
export interface Outcome extends Result {
  backend: BackendName;
  model: ModelId;
  info: Info;
}

/** How good answers of yes and no are, if they are yes from `threshold` on; shares from 0 to 1. */
export interface AtThreshold {
  threshold: number;
  /** Of the answers yes, the share that is right. */
  precision: number;
  precision_interval: { low: number; high: number };
  /** Of the pictures where yes is right, the share that got it. */
  recall: number;
  recall_interval: { low: number; high: number };
  f1: number;
  /** Pictures where yes is right, and all. */
  positives: number;
  pictures: number;
}

/** Points of precision and recall, by rising threshold: of all pictures that were held out, and of each source of them. */
export interface Curves {
  all: AtThreshold[];
  sources: { source: string; points: AtThreshold[] }[];
}

/** What is asked about where a network looked; without a class and a name, it is about the likeliest class. */
export interface MapRequest {
  class?: string;
  /** One of the network's vocabulary. */
  name?: string;
  /** `cells` takes the answer apart, exactly; `occlusion` covers one place after the other, and works for every network. */
  method?: 'cells' | 'occlusion';
  /** For `cells`: 1, 4 or 9 looks, each moved by a part of a cell, for finer places. */
  shifts?: 1 | 4 | 9;
}

/** What each place of a photo adds to the log-odds of a class or a name; `docs/explain.md` says how that adds up. */
export interface PlaceMap {
  method: 'cells' | 'occlusion';
  of: 'class' | 'name';
  label: string;
  /** The log-odds. */
  score: number;
  /** What belongs to no place: with it, `values` add up to the score. Null for occlusion. */
  constant: number | null;
  /** A grid over all of the photo. */
  columns: number;
  rows: number;
  /** Row by row, from the top. */
  values: Float32Array;
  /** The largest of `values`, without its sign: where the colours end. */
  limit: number;
  /** RGBA of each of `values`, to be drawn over the photo. */
  colours: Uint8ClampedArray;
  /** RGBA from `-limit` to `limit`, in equal steps. */
  legend: Uint8ClampedArray;
}

/** A map, and the answer of the same photo. */
export interface Explanation {
  outcome: Outcome;
  map: PlaceMap;
}

/** The work on a map. */
export interface Explaining {
  /** Does the next step, and says whether there are more. */
  step(): Promise<boolean>;
  done(): number;
  steps(): number;
  /** There after the first step. */
  answer(): Result;
  /** There after the last one. */
  map(): PlaceMap;
  free(): void;
}

/** A step on the way to the network that leaves a picture to look at. */
export interface Stage {
  step: 'resize' | keyof Enhance;
  image: ImageData;
}

/** What becomes of a photo for one look of the network: the part of it that is seen, the steps that are taken, and the numbers. */
export interface View {
  left: number;
  top: number;
  width: number;
  height: number;
  stages: Stage[];
  /** As channels, rows, columns. */
  tensor: Float32Array;
}

/** The views of a photo, one or two, and how many pixels it has itself. */
export interface Stages {
  width: number;
  height: number;
  views: View[];
}

/** The answer to a question of yes or no about a picture. */
export interface Reply {
  /** The question is whether it is one of these. */
  classes: string[];
  /** What these are called together, where the question named them so. */
  group: 'animal' | 'vehicle' | null;
  /** Those of them that the network doesn't know; then there is no answer. */
  unknown: string[];
  /** That of all of them together. */
  probability: number | null;
  /** From this probability on the answer is yes; null where it should come from pictures held out and can't. */
  threshold: number | null;
  yes: boolean | null;
  /** How good such answers were on the pictures held out that the weights file knows; null where it knows none. */
  figures: AtThreshold | null;
}

export interface Classifier {
  info(): Info;
  explaining(image: ImageData, options: Options, request: MapRequest): Explaining;
  /** For the question whether it is one of the classes at these places; null where the weights file knows nothing of that. */
  curves(group: Uint32Array): Curves | null;
  classify(image: ImageData, options?: Options): Promise<Result>;
  /** The preprocessed input as channels, rows, columns. */
  tensor(image: ImageData, options?: Options): Float32Array;
  /** What becomes of the image, step by step: one view or two. */
  stages(image: ImageData, options?: Options): View[];
  free(): void;
}

/**
 * How good what was taught is: each picture was left out, with its near-copies, and answered by a head that hasn't seen
 * it. Pictures and classes are places in what was taught; a place beyond the classes is none of them.
 */
export interface Report {
  pictures: number;
  /** Pictures that are near-copies of another one. */
  copies: number;
  /** Pictures that could be left out: those whose class has others than near-copies of them. */
  measured: number;
  /** Null or undefined where there are none. */
  accuracy?: number | null;
  /** Wilson's interval of the accuracy, at 95 %. */
  interval: { low: number; high: number };
  /** `images` is how many were measured. */
  classes: { label: string; images: number; precision: number; recall: number; f1: number }[];
  /** A row for each true class, a column for each answer; the last column is none of them, where that was asked for. */
  confusion: number[][];
  predictions: { picture: number; truth: number; answer: number; probability: number }[];
  /** Pictures whose class is probably wrong, the likeliest first. */
  suspicious: number[];
  /** The class that one more picture would help most. */
  helps: number;
  /** Pairs of classes that hold the same pictures. */
  alike: [number, number][];
  temperature: number;
}

export interface TaughtAnswer {
  ranked: Ranked[];
  none: boolean;
  sure: boolean;
}

/** Groups by Ward's method. */
export interface Groups {
  /** How many groups the silhouette suggests, and how many there can be. */
  suggested: number;
  most: number;
  silhouettes: { groups: number; value: number }[];
}

/** Learns classes from embeddings; ids are the caller's, whole numbers below 2³². */
export interface Learner {
  set(id: number, embedding: Float32Array): void;
  remove(id: number): boolean;
  /** `labels` holds the place of each picture's class among `classes`. */
  teach(ids: Uint32Array, labels: Uint32Array, classes: string[], none: boolean): Report;
  answer(embedding: Float32Array): TaughtAnswer;
  group(ids: Uint32Array): Groups;
  /** The group of each picture that was grouped, in the same order. */
  cut(groups: number): Uint32Array;
  /** Where each of them stands: x and y from 0 to 1. */
  map(): Float32Array;
  /** What was taught as a weights file, whole or only its head. */
  export(weights: Uint8Array, whole: boolean, date: string): Uint8Array;
  free(): void;
}

/** A layer of a network, as small as it can be taken. */
export interface Layer {
  kind:
    | 'picture'
    | 'convolution'
    | 'depthwise'
    | 'dense'
    | 'pool'
    | 'relu'
    | 'relu6'
    | 'gelu'
    | 'identity'
    | 'add'
    | 'mean'
    | 'max'
    | 'looks'
    | 'embedding'
    | 'evidence'
    | 'softmax';
  /** The place of the layer whose output it reads. */
  from: number;
  /** Which of the network's inverted residuals it belongs to, from 1 on; 0 for none. */
  block: number;
  /** Height, width and channels of what comes out. */
  shape: [number, number, number];
  parameters: number;
  multiply_adds: number;
  /** Side and step of a convolution's kernel; 0 for what is none. */
  kernel: number;
  stride: number;
}

/** The layers of a network in their order, the picture first. */
export interface LayerPlan {
  layers: Layer[];
  /** Those of the first layer in colour: RGBA of each of their pixels, and the size of the largest weight of each. */
  filters: { pictures: Uint8Array; limits: Float32Array };
  /** What the logits are divided by before the softmax. */
  temperature: number;
}

/** The numbers of the last layers, class by class, the likeliest first. */
export interface LayerTables {
  /** Of each class: its place, its logit, that divided by the temperature, e to the power of what that is above the largest, its share. */
  shares: Float32Array;
  /** Of each class: its place, the head's logit, the log-probability of its names, its logit. Empty where names don't count. */
  evidence: Float32Array;
}

/** Channels of a layer as pictures, the strongest first: a byte for each pixel, 0 for the lowest number of the channel, 255 for the highest. */
export interface LayerChannels {
  places: Uint32Array;
  low: Float32Array;
  high: Float32Array;
  /** One picture after the other, each row by row. */
  pictures: Uint8Array;
}

/** One number of a layer taken apart. */
export interface LayerPixel {
  /** The patch that it sees; where that lies outside of the picture, there are zeros. */
  rows: number;
  columns: number;
  top: number;
  left: number;
  /** The channels of the patch; in a convolution that which adds most, or takes most away, first. */
  channels: Uint32Array;
  /** The numbers of the patch, channel by channel and row by row. */
  inputs: Float32Array;
  /** What each of them is multiplied by; empty where that isn't what is done. */
  weights: Float32Array;
  /** What comes of each channel: the sum of its products. */
  sums: Float32Array;
  bias: number;
  output: number;
}

/** What each layer of a network makes of a picture. */
export interface Layers {
  plan(): Layer[];
  filters(): LayerPlan['filters'];
  temperature(): number;
  /** Takes a picture's views as the network reads them, one after the other. */
  begin(views: Float32Array): void;
  /** Computes the next layer, and says whether there are more. */
  step(): boolean;
  done(): number;
  steps(): number;
  shares(): Float32Array;
  evidence(): Float32Array;
  channels(layer: number, most: number): LayerChannels;
  pixel(layer: number, channel: number, row: number, column: number): LayerPixel;
}

/** One instance of the WebAssembly module that learns: what there is for classes of one's own, and for looking at layers. */
export interface Workshop {
  /** Takes the bytes of the weights file whose network has made the embeddings. */
  Learner: { new (weights: Uint8Array): Learner };
  /** Takes the bytes of the weights file, and how often the network looks at a picture. */
  Layers: { new (weights: Uint8Array, looks: number): Layers };
  /** The checksum of the body that a file needs which has only a head; undefined where the file is whole. */
  backbone_needed(weights: Uint8Array): number | undefined;
  /** The whole file of a head and of one whose body it needs. */
  join(head: Uint8Array, weights: Uint8Array): Uint8Array;
}

/** One instance of a WebAssembly module that classifies. */
export interface Instance {
  Classifier: { load(weights: Uint8Array): Promise<Classifier> };
  /** The largest picture, in pixels, that the Rust side takes. */
  max_pixels(): number;
  /** Called once, with the browser's message, when the instance's GPU device is lost. */
  when_device_lost(callback: (message: string) => void): void;
}

/** What the bindings of a WebAssembly module export; the functions are those of its present instance. */
export type Bindings = Module & Instance & Partial<Sharing>;
export type LearnBindings = Module & Workshop;

/** What the bindings of the CPU's module export, whose memory threads can share. */
export interface Sharing {
  /** The memory of the present instance. */
  shared_memory(): WebAssembly.Memory;
  /** Helps whichever instance has the same memory, until the worker ends. */
  help(): never;
  /** Says that a thread that helped has come to grief. */
  lose_helper(): void;
}

/** What the bindings of every module export. */
interface Module {
  /** Makes an instance; where threads can share its memory, on a memory that there is already. */
  default(init: {
    module_or_path: Response | URL | BufferSource | WebAssembly.Module;
    memory?: WebAssembly.Memory;
    /** In bytes. */
    thread_stack_size?: number;
  }): Promise<unknown>;
  /** Puts a fresh instance in the place of the one there is. */
  __wbg_reset_state(): void;
}

/** Bytes fetched so far; `total` is null where the server doesn't say. */
export interface Progress {
  loaded: number;
  total: number | null;
}

/** Whether there is a live picture; `paused` is for as long as nobody can see it. */
export type LiveState = 'off' | 'starting' | 'running' | 'paused';

/** Where a camera looks: at the person, or where the person looks. */
export type Facing = 'user' | 'environment';

/** A reason as data, so that each language can put it into its own sentence. */
export interface Reason {
  code: string;
  /** What the browser or the network said, where it said something. */
  detail?: string;
  facts?: Record<string, number>;
  /** Whether what has failed will be tried again without anybody asking. */
  again?: boolean;
}

/** Milliseconds for one picture, measured side by side. */
export type Speed = Record<BackendName, number>;

/** Where the networks run: in a worker, or, where the browser grants none, on the page's own thread. */
export type Thread = 'worker' | 'page';

/** One thing to do: load a network into a backend, which is started where it isn't running, or time it there. */
export interface Step {
  task: 'load' | 'time';
  backend: BackendName;
  model: ModelId;
}

/** Everything that the page shows about the engine. */
export interface Status {
  state: 'loading' | 'ready' | 'failed';
  preference: Preference;
  /** The backend that answers the next photo. */
  backend: BackendName | null;
  /** Why it is that backend. */
  reason: Reason;
  /** What the backends have taken in comparison, for each network that both have run. */
  speeds: Partial<Record<ModelId, Speed>>;
  /** The network that the person asked for. */
  choice: ModelId;
  /** The network that answers the next photo. */
  model: ModelId | null;
  /** Why it is that network. */
  modelReason: Reason;
  /** What is being done, and how far its download is. */
  loading: Step | null;
  progress: Progress | null;
  /** What the weights file of the network that answers says, and how many bytes it has. */
  info: Info | null;
  size: number | null;
}
