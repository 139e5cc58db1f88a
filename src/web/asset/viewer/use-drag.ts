import { type RefObject, useEffect } from 'react';

/** Lets a mouse drag what scrolls; fingers do so by themselves. */
export function useDrag(view: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current: box } = view;
    if (box === null) return;
    const move = ({ movementX, movementY }: PointerEvent) => box.scrollBy(-movementX, -movementY);
    const end = () => {
      box.removeEventListener('pointermove', move);
      delete box.dataset['dragged'];
    };
    const begin = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse' || event.button !== 0) return;
      box.setPointerCapture(event.pointerId);
      box.dataset['dragged'] = '';
      box.addEventListener('pointermove', move);
    };
    box.addEventListener('pointerdown', begin);
    box.addEventListener('pointerup', end);
    box.addEventListener('pointercancel', end);
    return () => {
      end();
      box.removeEventListener('pointerdown', begin);
      box.removeEventListener('pointerup', end);
      box.removeEventListener('pointercancel', end);
    };
  }, [view]);
}
