mod acceptance;
mod card_file;
mod comparison;
