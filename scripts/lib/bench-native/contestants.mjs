// Who is set beside whom: each a program that answers questions, one line of JSON each, as contestant.py describes them.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

const PYTHON = fileURLToPath(new URL('contestant.py', import.meta.url));

/**
 * Those of others, by what contestant.py calls them. `exact`: it computes in single precision, as the network was exported.
 */
export const OTHERS = [
  { library: 'onnxruntime', exact: true },
  { library: 'openvino', exact: true },
  { library: 'openvino-bf16', exact: false },
];

export class Contestant {
  /** What it calls itself, once it is loaded. */
  name;
  /** Whether its answers have to be glimpse's. */
  exact;
  #process;
  #answers;

  /** @param {string} program @param {string[]} args @param {boolean} exact */
  constructor(program, args, exact) {
    this.name = args.at(-1) ?? 'glimpse';
    this.exact = exact;
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 2] });
    this.#process.on('error', () => {}); // its answer is missing, which is told there
    this.#process.stdin?.on('error', () => {});
    const { stdout } = this.#process;
    if (!stdout) throw new Error(`${program} could not be started.`);
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** @param {string} program */
  static glimpse(program) {
    return new Contestant(program, [], true);
  }

  /** @param {string} python @param {typeof OTHERS[number]} other */
  static of(python, { library, exact }) {
    return new Contestant(python, [PYTHON, library], exact);
  }

  /**
   * @param {string} question
   * @param {object} given
   * @returns {Promise<any>}
   */
  async ask(question, given) {
    this.#process.stdin?.write(`${JSON.stringify({ ask: question, ...given })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.name} has ended without an answer to '${question}': the message is above.`);
    const answer = JSON.parse(value);
    if (question === 'load') this.name = answer.name;
    return answer;
  }

  end() {
    this.#process.kill();
  }
}
