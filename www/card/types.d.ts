/** The model card as JSON. `src/train/card_file.rs` writes it, and says what everything means; shares are from 0 to 1. */

import type { Info, NetworkFacts } from '../core/types.js';

export interface Interval {
  low: number;
  high: number;
}

export interface ClassFigures {
  label: string;
  precision: number;
  recall: number;
  recall_interval: Interval;
  f1: number;
  images: number;
}

/** Answers that were about as sure as each other. */
export interface Bin {
  low: number;
  high: number;
  images: number;
  probability: number;
  accuracy: number;
  accuracy_interval: Interval;
}

export interface Metrics {
  images: number;
  accuracy: number;
  accuracy_interval: Interval;
  top5_accuracy: number | null;
  precision: number;
  recall: number;
  f1: number;
  coverage: number;
  selective_accuracy: number | null;
  selective_accuracy_interval: Interval | null;
  sure_and_wrong: number;
  sure_and_wrong_share: number;
  negative_log_likelihood: number;
  calibration_error: number;
  known_accuracy: number | null;
  known_accuracy_interval: Interval | null;
  none_recall: number | null;
  none_recall_interval: Interval | null;
  none_auroc: number | null;
  reliability: Bin[];
  classes: ClassFigures[];
  /** `confusion[is][called]` */
  confusion: number[][];
  unknown: { images: number; sure_share: number; sure_interval: Interval } | null;
}

/** On which pictures. */
export type On = 'test' | 'validation' | 'left-out' | 'held-out';

export interface Measured {
  on: On;
  /** Where the pictures come from; null where they are of several sources. */
  source: string | null;
  metrics: Metrics;
}

export interface Epoch {
  epoch: number;
  loss: number;
  accuracy: number;
  validation_loss: number | null;
  validation_accuracy: number | null;
}

export interface Card {
  written: string;
  /** The file that it is of. */
  weights: { file: string; bytes: number; sha256: string };
  network: NetworkFacts & Pick<Info, 'classes' | 'none'>;
  measured: Measured[];
  epochs: Epoch[];
  best_epoch: number | null;
}

/** A row of the comparison of methods; null is what isn't known. */
export interface Method {
  method: string;
  accuracy: number | null;
  interval: Interval | null;
  f1: number | null;
  parameters: number | null;
  multiply_adds: number | null;
  bytes: number | null;
  milliseconds: number | null;
  training_seconds: number | null;
}

/**
 * Whether a card and a weights file belong together: `matches`; `differs`; `no-file`, where the card stands alone;
 * `unreachable`, where the file can't be read; `insecure`, where the browser computes no checksums; `checking`.
 */
export type Binding = 'matches' | 'differs' | 'no-file' | 'unreachable' | 'insecure' | 'checking';
