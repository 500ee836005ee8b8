import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv, toJson } from '../../www/folder/export.js';

/* The files that the page of whole folders exports, without a page: as `glimpse classify` prints them. */

const row = {
  id: 1,
  path: 'a "b", c.jpg',
  file: new File([], 'c.jpg'),
  thumbnail: new Blob([]),
  answer: {
    ranked: [
      { index: 1, label: 'cat', probability: Math.fround(0.9) },
      { index: 0, label: 'dog', probability: Math.fround(1.5e-7) },
    ],
    sure: true,
    none: false,
    vocabulary: [{ index: 7, label: 'tabby, tabby cat', probability: 0.5 }],
    specific: null,
    noneLabel: 'none',
  },
};

test('CSV has the columns of the terminal, numbers in single precision without exponents', () => {
  assert.equal(
    toCsv([row]),
    'picture,sure,class_1,probability_1,class_2,probability_2,name_1,name_probability_1\n"a ""b"", c.jpg",true,cat,0.9,dog,0.00000015,"tabby, tabby cat",0.5\n',
  );
});

test('JSON is a line for each picture', () => {
  const [line = '', end] = toJson([row, row]).split('\n');
  assert.notEqual(end, '');
  assert.deepEqual(JSON.parse(line), {
    picture: row.path,
    prediction: {
      none: false,
      ranked: [
        { index: 1, label: 'cat', probability: 0.9 },
        { index: 0, label: 'dog', probability: 1.5e-7 },
      ],
      specific: null,
      sure: true,
      vocabulary: [{ index: 7, label: 'tabby, tabby cat', probability: 0.5 }],
    },
  });
});
