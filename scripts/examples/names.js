/** Everyone here is invented; the names are common words of several languages. */
export const REGIONS = [
  { code: 'NO', name: 'North', capital: 'Harwick', area: '18.204,6' },
  { code: 'SO', name: 'South', capital: 'Belmar', area: '9.871,2' },
  { code: 'EA', name: 'East', capital: 'Östrand', area: '12.450,0' },
  { code: 'WE', name: 'West', capital: 'Ponte Alba', area: '7.318,9' },
  { code: 'CE', name: 'Centre', capital: 'Midham', area: '1.046,3' },
];

/** A region's share of the people, in the order above. */
export const REGION_SHARES = [0.18, 0.24, 0.21, 0.12, 0.25];

export const FIRST_NAMES = [
  'Ada', 'Amir', 'Anna', 'Bela', 'Birgit', 'Carlos', 'Chloé', 'Dalia', 'David', 'Elena', 'Emil', 'Farah', 'Felix',
  'Grace', 'Hana', 'Hugo', 'Ines', 'Ivan', 'Jana', 'Jonas', 'Kofi', 'Lara', 'Leo', 'Lin', 'Maja', 'Marek', 'Mira',
  'Nadia', 'Noah', 'Olga', 'Omar', 'Paula', 'Pavel', 'Rosa', 'Samir', 'Sofia', 'Søren', 'Tara', 'Tomas', 'Vera',
  'Victor', 'Wanda', 'Yusuf', 'Zoë',
];

export const LAST_NAMES = [
  'Abbott', 'Alvarez', 'Baker', 'Berg', 'Costa', 'Darr', 'Demir', 'Ek', 'Fischer', 'Gallo', 'Haas', 'Ibsen', 'Jensen',
  'Kaya', 'Keller', 'Kovač', 'Lind', 'Lopez', 'Marsh', 'Meyer', 'Moreau', 'Nagy', 'Novak', 'Okoye', 'Olsen', 'Park',
  'Pires', 'Quist', 'Reid', 'Rossi', 'Sato', 'Silva', 'Stone', 'Toth', 'Urban', 'Vogel', 'Weiss', 'Wolf', 'Young',
  "O'Neill", 'Zielinski', 'Müller',
];
