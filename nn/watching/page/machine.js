// A machine that runs a tape: one loop over its instructions, as data needs no code that is made at run time.
//
//   tape  {rows, code, constants, inputs, outputs}: see tapes.py

const QUICK = ["add", "subtract", "multiply", "ieee multiply"]; // of which networks are made: no call for them

class Machine {
  constructor({ rows, code, constants, inputs, outputs }) {
    const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
    const words = new Uint16Array(bytes.buffer);
    this.first = constants.length; // of the inputs
    this.begin = this.first + inputs; // of the instructions
    this.outputs = outputs;
    const found = [];
    for (let at = 0; at < words.length; at += 2 + words[at + 1]) {
      found.push({ name: rows[words[at]], operands: [...words.subarray(at + 2, at + 2 + words[at + 1])] });
    }
    this.count = found.length;
    this.values = new Float64Array(this.begin + this.count);
    this.values.set(constants.map(number));
    const kind = ({ name, operands }) => (QUICK.includes(name) ? QUICK.indexOf(name) : QUICK.length + operands.length);
    this.kinds = Uint8Array.from(found, kind);
    this.left = Uint16Array.from(found, ({ operands }) => operands[0]);
    this.right = Uint16Array.from(found, ({ operands }) => operands[1] ?? 0);
    this.operands = found.map(({ operands }) => operands);
    this.functions = found.map(({ name }) => PRIMITIVES[name]);
  }

  /** Numbers for inputs, from one of them on. */
  put(at, numbers) {
    this.values.set(numbers, this.first + at);
  }

  run() {
    const { values: v, kinds, left, right, functions, operands, begin, count } = this;
    for (let i = 0; i < count; i++) {
      const [x, y] = [v[left[i]], v[right[i]]];
      let found;
      switch (kinds[i]) {
        case 0:
          found = x + y;
          break;
        case 1:
          found = x - y;
          break;
        case 2:
          found = x * y;
          break;
        case 3:
          found = x === 0 || y === 0 ? 0 : x * y;
          break;
        case 5:
          found = functions[i](x);
          break;
        case 6:
          found = functions[i](x, y);
          break;
        default:
          found = functions[i](...operands[i].map((place) => v[place]));
      }
      v[begin + i] = found;
    }
    return this;
  }

  /** The k-th output. */
  at(k) {
    return this.values[this.outputs[k]];
  }
}
