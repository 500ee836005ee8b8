/**
 * Probabilities, of the logits of an answer.
 *
 * @param {readonly number[]} logits
 * @param {number} temperature that they are divided by
 * @returns {number[]}
 */
export function softmax(logits, temperature) {
  const scaled = logits.map((logit) => logit / temperature);
  const most = Math.max(...scaled);
  const powers = scaled.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
