/** @import { Packed } from './protocol.js' */

/*
 * What a page and something in a worker that it calls say to each other.
 */

/**
 * From the page: what it is to begin with, calls, and that it is to give back all that it holds.
 * @typedef {{ type: 'begin', given: any } | { type: 'call', id: number, what: string, given: any[] } | { type: 'end' }} CallOrder
 */

/**
 * To the page.
 * @typedef {{ type: 'hello' } | { type: 'progress', done: number, steps: number } | { type: 'answer', id: number, value: any } | { type: 'refusal', id: number, error: Packed }} CallReport
 */

export {};
