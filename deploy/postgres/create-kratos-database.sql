-- Run once, when the volume is new; the image itself makes the database `gateway`.
CREATE DATABASE kratos OWNER passbridge;
