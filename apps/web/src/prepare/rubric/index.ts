export { AnswerFields } from './AnswerFields.tsx';
export { Examples, WhatCounts } from './Examples.tsx';
export { Rules } from './Rules.tsx';
export { TableEditor } from './TableEditor.tsx';
export { useTable } from './table-in-force.ts';
