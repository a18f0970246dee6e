export { AnswerFields } from './AnswerFields.tsx';
export { WhatCounts } from './Examples.tsx';
export { useTable } from './table-in-force.ts';
