/** @import { LayerChannels, LayerPixel, LayerPlan, LayerTables } from '../core/types.js' */

/**
 * What can be asked about the layers of a network.
 *
 * @typedef {object} LayersCalls
 * @property {() => LayerPlan} plan
 * @property {(views: Float32Array) => LayerTables} run computes every layer of a picture, given by its prepared views one after the other
 * @property {(layer: number, most: number) => LayerChannels} channels the strongest
 * @property {(layer: number, channel: number, row: number, column: number) => LayerPixel} pixel
 */

export {};
