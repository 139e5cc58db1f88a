import { type ReactNode, useState } from 'react';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { applyTheme, storedTheme, THEMES } from './theme.ts';

const OPTIONS = THEMES.map((value) => ({ value, label: TEXT.theme[value] }));

export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  const choose = (next: typeof theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <Choice
      label={TEXT.theme.label}
      isLabelHidden
      options={OPTIONS}
      value={theme}
      onChoose={choose}
    />
  );
}
