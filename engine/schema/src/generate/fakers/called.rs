//! What things, products and texts are called.

use super::super::random::Random;

const QUALITIES: &[&str] = &[
    "Amber", "Autumn", "Blue", "Bright", "Calm", "Clear", "Coastal", "Copper", "Crimson", "Distant", "Early",
    "Eastern", "Emerald", "First", "Gentle", "Golden", "Grand", "Green", "Hidden", "Ivory", "Little",
    "Lunar", "Northern", "Open", "Polar", "Quiet", "Rapid", "Royal", "Silver", "Solar", "Southern", "Spring",
    "Steady", "Summer", "Swift", "Upper", "Velvet", "Western", "Wild", "Winter",
];
const PLACES: &[&str] = &[
    "Anchor",
    "Arrow",
    "Beacon",
    "Bridge",
    "Canyon",
    "Cedar",
    "Comet",
    "Compass",
    "Coral",
    "Creek",
    "Delta",
    "Echo",
    "Falcon",
    "Field",
    "Forest",
    "Garden",
    "Gate",
    "Harbor",
    "Heron",
    "Hill",
    "Horizon",
    "Island",
    "Lake",
    "Lantern",
    "Lighthouse",
    "Maple",
    "Meadow",
    "Mill",
    "Orchard",
    "Otter",
    "Peak",
    "Pine",
    "Prairie",
    "Quarry",
    "Ridge",
    "River",
    "Shore",
    "Signal",
    "Summit",
    "Tower",
    "Trail",
    "Valley",
    "Vista",
    "Willow",
];
const ADJECTIVES: &[&str] = &[
    "Adjustable",
    "Classic",
    "Compact",
    "Cordless",
    "Durable",
    "Ergonomic",
    "Everyday",
    "Foldable",
    "Handmade",
    "Insulated",
    "Light",
    "Modern",
    "Organic",
    "Portable",
    "Premium",
    "Quiet",
    "Recycled",
    "Rustic",
    "Slim",
    "Smart",
    "Soft",
    "Sturdy",
    "Vintage",
    "Waterproof",
    "Wireless",
    "Wooden",
];
const ARTICLES: &[&str] = &[
    "Backpack",
    "Bench",
    "Blanket",
    "Bottle",
    "Bowl",
    "Camera",
    "Chair",
    "Clock",
    "Cushion",
    "Desk",
    "Gloves",
    "Headphones",
    "Jacket",
    "Kettle",
    "Keyboard",
    "Knife",
    "Lamp",
    "Mirror",
    "Monitor",
    "Mug",
    "Notebook",
    "Pan",
    "Pillow",
    "Scarf",
    "Shelf",
    "Speaker",
    "Stool",
    "Table",
    "Tent",
    "Towel",
    "Umbrella",
    "Wallet",
    "Watch",
];
const SUBJECTS: &[&str] = &[
    "Bicycles",
    "Birds",
    "Books",
    "Bridges",
    "Cities",
    "Clouds",
    "Coffee",
    "Data",
    "Deserts",
    "Dreams",
    "Forests",
    "Gardens",
    "Islands",
    "Letters",
    "Light",
    "Maps",
    "Memory",
    "Mountains",
    "Music",
    "Numbers",
    "Oceans",
    "Paper",
    "Rain",
    "Rivers",
    "Shadows",
    "Signals",
    "Silence",
    "Stars",
    "Stories",
    "Time",
    "Trains",
    "Winter",
];
const DOINGS: &[&str] = &[
    "Building",
    "Collecting",
    "Crossing",
    "Drawing",
    "Exploring",
    "Following",
    "Learning",
    "Measuring",
    "Reading",
    "Remembering",
    "Understanding",
    "Watching",
];

fn pick(random: &mut Random, among: &[&'static str]) -> &'static str {
    among[random.index(among.len())]
}

/// What a project, a team or a station is called.
pub(in super::super) fn thing(random: &mut Random) -> String {
    format!("{} {}", pick(random, QUALITIES), pick(random, PLACES))
}

/// What a shop sells.
pub(in super::super) fn product(random: &mut Random) -> String {
    format!("{} {}", pick(random, ADJECTIVES), pick(random, ARTICLES))
}

/// What a text, a film or a task is called.
pub(in super::super) fn title(random: &mut Random) -> String {
    let mut subject = || pick(random, SUBJECTS);
    let (one, other) = (subject(), subject());
    match random.below(6) {
        0 => format!("A History of {one}"),
        1 if one != other => format!("{one} and {other}"),
        2 => format!("Notes on {one}"),
        3 => format!("The {} {}", pick(random, QUALITIES), pick(random, PLACES)),
        4 => format!("An Introduction to {one}"),
        _ => format!("{} {one}", pick(random, DOINGS)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_of_many_kinds() {
        for (make, least) in [(thing as fn(&mut Random) -> String, 400), (product, 380), (title, 200)] {
            let mut random = Random::new(7);
            let made: HashSet<String> = (0..512).map(|_| make(&mut random)).collect();
            assert!(made.len() > least, "{}", made.len());
            assert!(made.iter().all(|name| name.chars().next().is_some_and(char::is_uppercase)));
        }
    }
}
