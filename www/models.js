/*
 * The networks that this site offers. Everything else about them (architecture, class names, sizes, thresholds) is
 * in the weights file and is asked of it.
 */

/** @type {readonly { id: string, weights: URL }[]} */
export const models = [{ id: 'cifar10', weights: new URL('./model/cifar10.safetensors', import.meta.url) }];
