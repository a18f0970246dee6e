export { compilePattern } from '@firebreak/core/patterns';
