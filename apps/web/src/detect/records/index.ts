export { InteractionDialog } from './InteractionDialog.tsx';
