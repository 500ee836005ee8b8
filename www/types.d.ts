/** The shapes that the page and the WebAssembly modules share. `src/web.rs` is the other side of this file. */

export type BackendName = 'cpu' | 'webgpu';

/** What the person asked for; `auto` takes WebGPU where it works. */
export type Preference = 'auto' | BackendName;

export type Framing = 'squash' | { centre_crop: { fraction: number } };

export interface Enhance {
  denoise: boolean;
  contrast: boolean;
  colour_balance: boolean;
}

/** Overrides what the weights file asks for. */
export interface Options {
  framing?: Framing;
  enhance?: Enhance;
}

export interface Info {
  backend: BackendName;
  architecture: string;
  classes: string[];
  parameters: number;
  preprocessing: {
    input_size: number;
    framing: Framing;
    filter: string;
    enhance: Enhance;
    normalisation: { mean: number[]; std: number[] };
  };
  temperature: number;
  not_sure_below: number;
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

export interface Ranked {
  index: number;
  label: string;
  probability: number;
}

export interface Result {
  /** Every class, the likeliest first. */
  ranked: Ranked[];
  sure: boolean;
  /** The square that the network really sees. */
  seen: ImageData;
  milliseconds: { preprocess: number; network: number };
}

/** A result and the backend that computed it. */
export interface Outcome extends Result {
  backend: BackendName;
}

export interface Classifier {
  info(): Info;
  classify(image: ImageData, options?: Options): Promise<Result>;
  /** The preprocessed input as channels, rows, columns. */
  tensor(image: ImageData, options?: Options): Float32Array;
  free(): void;
}

/** What one WebAssembly module exports. */
export interface Glue {
  default(init: { module_or_path: Response | URL | BufferSource | WebAssembly.Module }): Promise<unknown>;
  Classifier: { load(weights: Uint8Array): Promise<Classifier> };
  /** The largest picture, in pixels, that the Rust side takes. */
  max_pixels(): number;
}

/** Bytes fetched so far; `total` is null where the server doesn't say. */
export interface Progress {
  loaded: number;
  total: number | null;
}

/** A reason as data, so that each language can put it into its own sentence. */
export interface Reason {
  code: string;
  /** What the browser or the network said, where it said something. */
  detail?: string;
}

/** Everything that the page shows about the engine. */
export interface Status {
  state: 'loading' | 'ready' | 'failed';
  preference: Preference;
  /** The backend that answers the next photo. */
  backend: BackendName | null;
  /** Why it is that backend. */
  reason: Reason;
  /** The download that is under way. */
  progress: Progress | null;
  info: Info | null;
}
